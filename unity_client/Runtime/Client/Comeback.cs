using System;
using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>
    /// After a new welcome: going on where the daemon stands, or opening everything again where it knows nothing. One
    /// attempt; a connection that breaks meanwhile ends it, and the next welcome makes another. The connection's thread.
    /// </summary>
    internal sealed class Comeback
    {
        private readonly Connection _connection;
        private readonly IComebackOwner _owner;
        private int _underWay;

        public Comeback(Connection connection, IComebackOwner owner)
        {
            _connection = connection;
            _owner = owner;
        }

        /// <summary>Brings every scene back, then lets the connection go on.</summary>
        public void Begin(Welcome welcome, SceneRecord[] records)
        {
            _underWay++;
            Dictionary<int, SceneResume> known = new Dictionary<int, SceneResume>();
            foreach (SceneResume resume in welcome.ScenesOpen)
            {
                known[resume.Scene] = resume;
            }

            foreach (SceneRecord record in records)
            {
                if (known.TryGetValue(record.Handle, out SceneResume resume))
                {
                    known.Remove(record.Handle);
                    Resume(record, resume);
                }
                else
                {
                    Open(record);
                }
            }

            foreach (int handle in known.Keys)
            {
                // Its answer was lost with the old connection, and the request will be sent again.
                _connection.SendNow(new CloseScene(_connection.NextId(), handle));
            }

            OneDone();
        }

        private void OneDone()
        {
            _underWay--;
            if (_underWay == 0)
            {
                _connection.GoOn();
            }
        }

        private void Resume(SceneRecord record, SceneResume resume)
        {
            _owner.Opened(record);
            int[] ours = record.Playback.Streams.Handles();
            foreach (int handle in ours)
            {
                if (Array.IndexOf(resume.Streams, handle) < 0)
                {
                    _owner.LayerGone(record, handle);
                }
            }

            foreach (int handle in resume.Streams)
            {
                if (Array.IndexOf(ours, handle) < 0)
                {
                    _connection.SendNow(new CloseLayer(_connection.NextId(), handle));
                }
            }

            SayWhere(record);
        }

        private void Open(SceneRecord record)
        {
            _underWay++;

            // The new daemon numbers from 1, too. Until it has everything of the scene, the scene has no number; should
            // the connection break before, the next attempt begins from the start.
            record.Handle = 0;
            LayerStream[] streams = record.Playback.Restart();
            OpenScene request = new OpenScene(
                _connection.NextId(),
                record.Name,
                record.Seed,
                record.Playback.ReceivedFrame,
                record.Steering.Values());
            _connection.AskNow(request, (answer, error) => SceneOpen(record, streams, answer as SceneOpened, error));
        }

        private void SceneOpen(SceneRecord record, LayerStream[] streams, SceneOpened opened, RoomtoneException error)
        {
            if (opened == null)
            {
                foreach (LayerStream stream in streams)
                {
                    stream.EndFrame = record.Playback.ReceivedFrame;
                }

                _owner.SceneLost(record, error ?? ClientSession.WrongAnswer());
                OneDone();
                return;
            }

            record.Describe(opened.Description);
            OpenLayers(record, opened.Scene, streams);
        }

        private void OpenLayers(SceneRecord record, int handle, LayerStream[] streams)
        {
            if (streams.Length == 0)
            {
                SceneReady(record, handle);
                return;
            }

            int waiting = streams.Length;
            foreach (LayerStream stream in streams)
            {
                ClientRequest request = record.OpenAgain(stream, handle, _connection.NextId());
                _connection.AskNow(request, (answer, error) =>
                {
                    LayerOpen(record, stream, answer as LayerOpened);
                    waiting--;
                    if (waiting == 0)
                    {
                        SceneReady(record, handle);
                    }
                });
            }
        }

        private static void LayerOpen(SceneRecord record, LayerStream stream, LayerOpened opened)
        {
            if (opened != null)
            {
                record.Playback.Add(opened);
            }
            else
            {
                stream.EndFrame = record.Playback.ReceivedFrame;
            }
        }

        private void SceneReady(SceneRecord record, int handle)
        {
            record.Handle = handle;
            _owner.Opened(record);
            SayMood(record);

            // Only now: credit that came earlier would let the first layer run ahead of the others.
            SayWhere(record);
            OneDone();
        }

        /// <summary>Says, to a daemon that started anew, what its opening values could not.</summary>
        private void SayMood(SceneRecord record)
        {
            if (!record.Steering.Mood(out string mood, out double overS, out Dictionary<string, double> after))
            {
                return;
            }

            _connection.SendNow(new Morph(_connection.NextId(), record.Handle, mood, overS));
            if (after.Count > 0)
            {
                _connection.SendNow(new Set(_connection.NextId(), record.Handle, after));
            }
        }

        /// <summary>Says, on a new connection, what needs no answer.</summary>
        private void SayWhere(SceneRecord record)
        {
            if (record.ListenerM.HasValue)
            {
                _connection.SendNow(new Listener(record.Handle, record.ListenerM.Value));
            }

            _owner.SayCredit(record);
        }
    }
}
