using System;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What a request will come to: settled on the connection's thread, waited for by any other.</summary>
    internal sealed class Answer<T>
    {
        private readonly TaskCompletionSource<T> _source =
            new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly string _endpoint;
        private readonly double _timeoutS;

        public Answer(string endpoint, double timeoutS)
        {
            _endpoint = endpoint;
            _timeoutS = timeoutS;
        }

        /// <summary>What is waited for.</summary>
        public PendingRequest Request { get; set; }

        /// <summary>Ends with the answer, or with why there is none.</summary>
        public Task<T> Task
        {
            get { return _source.Task; }
        }

        public void Settle(T result)
        {
            _source.TrySetResult(result);
        }

        public void Fail(RoomtoneException reason)
        {
            _source.TrySetException(reason);
        }

        /// <summary>Waits for the answer.</summary>
        /// <exception cref="WireException">The daemon refused.</exception>
        /// <exception cref="ConnectionLostException"><c>connection.timeout</c>, <c>connection.closed</c>.</exception>
        public T Wait()
        {
            if (!((IAsyncResult)Task).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(_timeoutS)))
            {
                Request.Forget();
                throw new ConnectionLostException(
                    "connection.timeout",
                    "no answer within " + _timeoutS + " s",
                    _endpoint,
                    "see whether the daemon runs; the client goes on trying to reach it");
            }

            if (Task.IsFaulted)
            {
                ExceptionDispatchInfo.Capture(Task.Exception.InnerException).Throw();
            }

            return Task.Result;
        }
    }
}
