using System;
using System.Collections.Generic;
using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What a client has open, whatever becomes of its connections: requests on one side, arrivals on the other.</summary>
    /// <remarks>Any thread may call the first group of methods; the connection's thread calls the rest.</remarks>
    internal sealed class ClientSession : IConnectionOwner, IComebackOwner
    {
        private readonly string _endpoint;
        private readonly Func<double> _nowS;
        private readonly Dictionary<int, SceneRecord> _byHandle = new Dictionary<int, SceneRecord>();
        private readonly MsgpackWriter _trial = new MsgpackWriter();
        private readonly ManualResetEvent _settled = new ManualResetEvent(false);
        private volatile SceneRecord[] _records = new SceneRecord[0];
        private volatile bool _connected;
        private volatile Welcome _welcome;
        private volatile Govern _governor;
        private volatile int _reconnects;
        private double _lostS = double.NaN;

        public ClientSession(Endpoint endpoint, string client, string token, double timeoutS, Func<double> nowS)
        {
            TimeoutS = timeoutS;
            _endpoint = endpoint.Text;
            _nowS = nowS;
            Connection = new Connection(endpoint, this, client, token, nowS);
        }

        public double TimeoutS { get; }

        public Connection Connection { get; }

        public Latencies Latencies { get; } = new Latencies();

        public EventQueue Events { get; } = new EventQueue();

        /// <summary>Whether the daemon is there right now.</summary>
        public bool IsConnected
        {
            get { return _connected; }
        }

        /// <summary>The last welcome; null before the first.</summary>
        public Welcome Welcome
        {
            get { return _welcome; }
        }

        public int Reconnects
        {
            get { return _reconnects; }
        }

        /// <summary>Every scene that is open.</summary>
        public SceneRecord[] Records
        {
            get { return _records; }
        }

        public bool IsPlaying
        {
            get { return _records.Length > 0; }
        }

        // Any thread -----------------------------------------------------------------------------------

        /// <summary>Waits for the daemon's welcome.</summary>
        public void WaitForWelcome()
        {
            if (_settled.WaitOne(TimeSpan.FromSeconds(TimeoutS)) && _welcome != null)
            {
                return;
            }

            RoomtoneException refusal = Connection.Refusal;
            string trouble = Connection.Trouble;
            Connection.Close();
            throw refusal ?? new ConnectionLostException(
                "connection.unreachable",
                "no daemon answered within " + TimeoutS + " s" + (trouble.Length == 0 ? "" : " (" + trouble + ")"),
                _endpoint,
                "start one with `roomtone serve SCENES_DIR`; one that uses keys is reached through a tunnel");
        }

        /// <summary>Sends a request; on the connection's thread `act` takes the answer before anything after it.</summary>
        public Answer<T> Ask<TAnswer, T>(
            ClientRequest message, Func<TAnswer, T> act, Func<ClientRequest, ClientRequest> renumber)
            where TAnswer : DaemonMessage
        {
            Answer<T> answer = new Answer<T>(_endpoint, TimeoutS);
            WireException unfit = Unfit(message);
            if (unfit != null)
            {
                answer.Fail(unfit);
                return answer;
            }

            answer.Request = new PendingRequest(message, renumber, (said, error) =>
            {
                TAnswer typed = said as TAnswer;
                if (typed != null)
                {
                    answer.Settle(act(typed));
                }
                else
                {
                    answer.Fail(error ?? WrongAnswer());
                }
            });
            Connection.Mail.Post(answer.Request);
            return answer;
        }

        /// <summary>Sends a request without waiting; a refusal becomes an event.</summary>
        public void Post<TAnswer>(
            ClientRequest message, Action<TAnswer> act, Func<ClientRequest, ClientRequest> renumber)
            where TAnswer : DaemonMessage
        {
            WireException unfit = Unfit(message);
            if (unfit != null)
            {
                NoteError(unfit);
                return;
            }

            Connection.Mail.Post(new PendingRequest(message, renumber, (answer, error) =>
            {
                TAnswer typed = answer as TAnswer;
                if (typed != null)
                {
                    act(typed);
                }
                else
                {
                    NoteError(error ?? WrongAnswer());
                }
            }));
        }

        /// <summary>A request that cannot be asked comes to this.</summary>
        public Answer<T> Refuse<T>(WireException reason)
        {
            Answer<T> answer = new Answer<T>(_endpoint, TimeoutS);
            answer.Fail(reason);
            return answer;
        }

        /// <summary>Leaves so much of the processor to the models, also after the daemon has started anew.</summary>
        public void SetGovernor(Govern governor)
        {
            _governor = governor;
            Connection.Mail.Post(governor);
        }

        public static WireException WrongAnswer()
        {
            string fix = "update the older of daemon and client";
            return new WireException("wire.wrong-answer", "the daemon answered something else", fix: fix);
        }

        /// <summary>Why the daemon could not even read whose request it is; null if it can.</summary>
        private WireException Unfit(ClientRequest message)
        {
            lock (_trial)
            {
                message.Write(_trial);
                ArraySegment<byte> written = _trial.Written;
                try
                {
                    MsgpackCheck.Whole(written.Array, written.Offset, written.Count, FrameLimits.FromClient);
                    return null;
                }
                catch (BadMessageException error)
                {
                    return error;
                }
            }
        }

        // The connection's thread ----------------------------------------------------------------------

        /// <inheritdoc/>
        public void Welcomed(Welcome welcome)
        {
            _byHandle.Clear();
            new Comeback(Connection, this).Begin(welcome, _records);
            if (_governor != null && !welcome.Resumed)
            {
                Connection.SendNow(_governor);
            }

            _welcome = welcome;
            if (!double.IsNaN(_lostS))
            {
                _reconnects++;
                Events.Add(new Reconnected(welcome.Resumed, _nowS() - _lostS));
            }

            _lostS = double.NaN;
            _connected = true;
            _settled.Set();
        }

        /// <inheritdoc/>
        public void Lost(string reason)
        {
            if (double.IsNaN(_lostS) && _welcome != null)
            {
                _connected = false;
                _lostS = _nowS();
                Events.Add(new Disconnected(reason));
            }
        }

        /// <inheritdoc/>
        public void Ended()
        {
            _connected = false;
            _settled.Set();
        }

        /// <inheritdoc/>
        public void Tick()
        {
            foreach (SceneRecord record in _records)
            {
                if (record.Handle != 0 && record.Playback.GrantMore())
                {
                    SayCredit(record);
                }
            }
        }

        /// <summary>Takes up a scene that was opened.</summary>
        public void Keep(SceneRecord record)
        {
            Opened(record);
            List<SceneRecord> records = new List<SceneRecord>(_records);
            records.Add(record);
            _records = records.ToArray();
        }

        /// <summary>Lets go of a scene that was closed.</summary>
        public void Forget(SceneRecord record)
        {
            _byHandle.Remove(record.Handle);
            _records = Array.FindAll(_records, other => other != record);
        }

        /// <summary>Measures how long a change takes until its sound is here.</summary>
        public void NoteUpdate(SceneRecord record, double askedS, long atFrame)
        {
            double arrivedS = record.Playback.ArrivedAtS(atFrame);
            if (double.IsNaN(arrivedS))
            {
                record.NoteUpdate(atFrame, askedS);
            }
            else
            {
                Latencies.Add(arrivedS - askedS);
            }
        }

        /// <inheritdoc/>
        public void Received(DaemonMessage message, ArraySegment<byte> pcm)
        {
            if (message is Audio audio)
            {
                TakeAudio(audio, pcm);
            }
            else if (message is LayerEvent happened)
            {
                TakeEvent(happened);
            }
            else if (message is LayerClosed layer)
            {
                foreach (SceneRecord record in _records)
                {
                    LayerGone(record, layer.Stream, layer.EndFrame);
                }
            }
            else if (message is SceneChanged changed && _byHandle.TryGetValue(changed.Scene, out SceneRecord edited))
            {
                edited.Describe(changed.Description);
                Events.Add(changed);
            }
            else if (message is SceneClosed closed && _byHandle.TryGetValue(closed.Scene, out SceneRecord ended))
            {
                SceneIsGone(ended);
            }
            else if (message is Error error)
            {
                Events.Add(error);
            }
        }

        /// <inheritdoc/>
        public void Opened(SceneRecord record)
        {
            _byHandle[record.Handle] = record;
        }

        /// <inheritdoc/>
        public void LayerGone(SceneRecord record, int handle)
        {
            LayerGone(record, handle, record.Playback.ReceivedFrame);
        }

        /// <inheritdoc/>
        public void SceneLost(SceneRecord record, RoomtoneException error)
        {
            SceneIsGone(record);
            NoteError(error);
        }

        /// <inheritdoc/>
        public void SayCredit(SceneRecord record)
        {
            record.Playback.Acknowledge();
            Connection.SendCredit(record.Handle, record.Playback.UntilFrame, record.Playback.ReceivedFrame);
        }

        private void TakeAudio(Audio audio, ArraySegment<byte> pcm)
        {
            if (!_byHandle.TryGetValue(audio.Scene, out SceneRecord record))
            {
                return;
            }

            record.Playback.Take(audio, pcm);
            for (int i = record.Updates.Count - 1; i >= 0; i--)
            {
                KeyValuePair<long, double> update = record.Updates[i];
                record.Updates.RemoveAt(i);
                NoteUpdate(record, update.Value, update.Key);
            }

            if (record.Playback.AcknowledgementDue(_welcome.MaxAheadFrames / 2))
            {
                SayCredit(record);
            }
        }

        private void TakeEvent(LayerEvent happened)
        {
            if (!happened.IsKnown)
            {
                return;
            }

            foreach (SceneRecord record in _records)
            {
                LayerStream stream = record.Playback.Streams.Of(happened.Stream);
                if (stream != null)
                {
                    stream.Note(happened);
                }
            }

            Events.Add(happened);
        }

        private void LayerGone(SceneRecord record, int handle, long endFrame)
        {
            LayerStream stream = record.Playback.End(handle, endFrame);
            if (stream != null)
            {
                Events.Add(new LayerGone(record.Name, stream.Layer, endFrame));
            }
        }

        private void SceneIsGone(SceneRecord record)
        {
            foreach (int handle in record.Playback.Streams.Handles())
            {
                LayerGone(record, handle);
            }

            Forget(record);
            Events.Add(new SceneGone(record.Name));
        }

        private void NoteError(RoomtoneException error)
        {
            Events.Add(new Error(0, error.Code, error.What, error.At, error.Fix));
        }
    }
}
