using System;
using Roomtone.Wire;

namespace Roomtone.Tests
{
    /// <summary>What a daemon says, made by hand. One thread.</summary>
    internal sealed class Spoken
    {
        private readonly MsgpackWriter _writer = new MsgpackWriter();
        private readonly Codec _codec = new Codec();

        public LayerOpened LayerOpened(string layer, int stream, int channels, long firstFrame = 0, string format = "f32")
        {
            _writer.Message("layer_opened", 7);
            _writer.Field("id", 1);
            _writer.Field("scene", 1);
            _writer.Field("stream", stream);
            _writer.Field("layer", layer);
            _writer.Field("format", format);
            _writer.Field("channels", channels);
            _writer.Field("first_frame", firstFrame);
            return (LayerOpened)_codec.DecodeDaemon(_writer.Written);
        }

        /// <summary>A block with one slice of each stream, from number 1 on; it holds until the next is spoken.</summary>
        public Audio Audio(long firstFrame, int sizeBytes, int streams = 1, bool more = false)
        {
            _writer.Message("audio", 5);
            _writer.Field("scene", 1);
            _writer.Field("first_frame", firstFrame);
            _writer.Field("frames", Limits.BlockFrames);
            _writer.Text("streams");
            _writer.Array(streams);
            for (int stream = 1; stream <= streams; stream++)
            {
                _writer.Array(3);
                _writer.Integer(stream);
                _writer.Integer((stream - 1) * sizeBytes);
                _writer.Integer(sizeBytes);
            }

            _writer.Field("more", more);
            return (Audio)_codec.DecodeDaemon(_writer.Written);
        }

        /// <summary>Samples as they travel.</summary>
        public static byte[] Bytes(params float[] samples)
        {
            byte[] bytes = new byte[4 * samples.Length];
            Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
            return bytes;
        }
    }
}
