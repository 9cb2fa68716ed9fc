using System;
using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone.Runners
{
    /// <summary>The daemon's side of the codec, as strict as the client's: it lets tests use the vectors of both directions.</summary>
    internal static class ClientReading
    {
        private const int MaxId = int.MaxValue;
        private static readonly string[] Formats = { "f32", "s16" };

        private static readonly Dictionary<string, Func<Fields, ClientMessage>> Readers =
            new Dictionary<string, Func<Fields, ClientMessage>>
            {
                { "hello", ReadHello },
                { "open_scene", ReadOpenScene },
                { "close_scene", f => new CloseScene(Id(f), f.Id("scene", 1)) },
                { "open_layer", ReadOpenLayer },
                { "request", ReadRequest },
                { "close_layer", f => new CloseLayer(Id(f), f.Id("stream", 1)) },
                { "set", f => new Set(Id(f), f.Id("scene", 1), f.Values("values"), Frame(f, "at_frame")) },
                { "morph", ReadMorph },
                { "credit", f => new Credit(f.Id("scene", 1), f.Frame("until_frame"), f.Frame("received_frame")) },
                { "listener", f => new Listener(f.Id("scene", 1), f.Vector("at_m")) },
                { "govern", ReadGovern },
                { "get_stats", f => new GetStats(Id(f)) },
                { "bye", f => new ClientBye(f.Text("reason", 0, 256, "")) },
            };

        public static ClientMessage Decode(byte[] bytes)
        {
            MsgpackCheck.Whole(bytes, 0, bytes.Length, FrameLimits.FromClient);
            Fields fields = new Fields();
            fields.OpenMessage(bytes, 0);
            MsgpackReader name = fields.Required("t");
            if (name.Kind != MsgpackKind.String)
            {
                throw Faults.WrongType(fields, "t", -1, "a string", name.Kind);
            }

            if (!Readers.TryGetValue(name.ReadString(), out Func<Fields, ClientMessage> read))
            {
                throw Faults.UnknownMessage(fields);
            }

            ClientMessage message = read(fields);
            fields.End();
            return message;
        }

        private static int Id(Fields fields)
        {
            return fields.Id("id", 1);
        }

        private static long Frame(Fields fields, string name)
        {
            return fields.Whole(name, 0, (1L << 53) - 1, 0);
        }

        private static ClientMessage ReadHello(Fields fields)
        {
            int id = Id(fields);
            int[] versions = new int[fields.Items("versions", 1, 16, out MsgpackReader items)];
            for (int i = 0; i < versions.Length; i++)
            {
                versions[i] = (int)fields.WholeItem(ref items, "versions", i, 1, 65535);
            }

            string client = fields.Text("client", 0, 256, "");
            string token = fields.Text("token", 0, 256, "");
            return new Hello(id, versions, client, token, fields.Text("session", 0, 256, ""));
        }

        private static ClientMessage ReadOpenScene(Fields fields)
        {
            int id = Id(fields);
            string name = fields.Text("name", 1, 64);
            long? seed = !fields.Has("seed") || fields.IsNil("seed") ? (long?)null : fields.Frame("seed");
            long firstFrame = Frame(fields, "first_frame");
            return new OpenScene(id, name, seed, firstFrame, fields.Has("values") ? fields.Values("values") : null);
        }

        private static ClientMessage ReadOpenLayer(Fields fields)
        {
            int id = Id(fields);
            int scene = fields.Id("scene", 1);
            string layer = fields.Text("layer", 1, 64);
            SampleFormat format = (SampleFormat)fields.Choice("format", Formats, 0);
            return new OpenLayer(id, scene, layer, format, (int)fields.Whole("channels", 0, 2, 0));
        }

        private static ClientMessage ReadRequest(Fields fields)
        {
            int id = Id(fields);
            int scene = fields.Id("scene", 1);
            string layer = fields.Text("layer", 1, 64);
            string prompt = fields.Text("prompt", 1, 256);
            string model = fields.Text("model", 0, 64, "");
            int variations = (int)fields.Whole("variations", 1, 16, 4);
            double seconds = fields.Number("seconds", 1.0, 60.0, 10.0);
            bool loop = fields.Flag("loop", false);
            double gainDb = fields.Number("gain_db", -120.0, 6.0, 0.0);
            PlacementInfo placement = ReadPlacement(fields);
            SampleFormat format = (SampleFormat)fields.Choice("format", Formats, 0);
            int channels = (int)fields.Whole("channels", 0, 2, 0);
            return new Request(
                id, scene, layer, prompt, model, variations, seconds, loop, gainDb, placement, format, channels);
        }

        private static PlacementInfo ReadPlacement(Fields fields)
        {
            if (!fields.Has("placement") || fields.IsNil("placement"))
            {
                return null;
            }

            Fields record = new Fields(fields);
            record.OpenRecord("placement", -1, fields.Required("placement"));
            return PlacementInfo.Read(record);
        }

        private static ClientMessage ReadMorph(Fields fields)
        {
            int id = Id(fields);
            int scene = fields.Id("scene", 1);
            string mood = fields.Text("mood", 1, 64);
            double overS = fields.Number("over_s", 0.0, 86400.0);
            return new Morph(id, scene, mood, overS, Frame(fields, "at_frame"));
        }

        private static ClientMessage ReadGovern(Fields fields)
        {
            double maxShare = fields.Number("max_share", 0.0, 1.0);
            bool unlimited = !fields.Has("max_vram_gb") || fields.IsNil("max_vram_gb");
            return new Govern(maxShare, unlimited ? (double?)null : fields.Number("max_vram_gb", 0.0, 1e6));
        }
    }
}
