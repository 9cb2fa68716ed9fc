using System;
using System.Collections.Generic;

namespace Roomtone.Wire
{
    /// <summary>Messages to bytes and back. One object serves one connection; one thread.</summary>
    public sealed class Codec
    {
        private readonly MsgpackWriter _writer = new MsgpackWriter();
        private readonly Fields _fields = new Fields();
        private readonly Audio _audio = new Audio();

        // What comes often stands in front of the dictionary: an `audio` costs no string.
        private static readonly Dictionary<string, Func<Fields, DaemonMessage>> Readers =
            new Dictionary<string, Func<Fields, DaemonMessage>>
            {
                { "welcome", Welcome.Read },
                { "scene_opened", SceneOpened.Read },
                { "scene_closed", SceneClosed.Read },
                { "layer_opened", LayerOpened.Read },
                { "layer_closed", LayerClosed.Read },
                { "applied", Applied.Read },
                { "scene_changed", SceneChanged.Read },
                { "layer_event", LayerEvent.Read },
                { "stats", Stats.Read },
                { "error", Error.Read },
                { "bye", Bye.Read },
            };

        /// <summary>Writes the header of a message; valid until the next one is written.</summary>
        public ArraySegment<byte> Encode(ClientMessage message)
        {
            message.Write(_writer);
            return _writer.Written;
        }

        /// <summary>Writes a <see cref="Credit"/> without making one.</summary>
        public ArraySegment<byte> EncodeCredit(int scene, long untilFrame, long receivedFrame)
        {
            Credit.Write(_writer, scene, untilFrame, receivedFrame);
            return _writer.Written;
        }

        /// <summary>Reads what the daemon said.</summary>
        /// <exception cref="BadMessageException">It breaks the protocol, with a code of its section 11.2.</exception>
        public DaemonMessage DecodeDaemon(ArraySegment<byte> header)
        {
            MsgpackCheck.Whole(header.Array, header.Offset, header.Count, FrameLimits.FromDaemon);
            _fields.OpenMessage(header.Array, header.Offset);
            DaemonMessage message = ReadMessage();
            _fields.End();
            return message;
        }

        private DaemonMessage ReadMessage()
        {
            MsgpackReader name = _fields.Required("t");
            if (_fields.Says("t", "audio"))
            {
                _audio.Read(_fields);
                return _audio;
            }

            if (name.Kind != MsgpackKind.String)
            {
                throw Faults.WrongType(_fields, "t", -1, "a string", name.Kind);
            }

            return Readers.TryGetValue(name.ReadString(), out Func<Fields, DaemonMessage> read)
                ? read(_fields)
                : throw Faults.UnknownMessage(_fields);
        }
    }
}
