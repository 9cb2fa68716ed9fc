namespace Roomtone.Wire
{
    /// <summary>One layer that can be opened.</summary>
    public sealed class LayerInfo
    {
        private LayerInfo(Fields fields, Fields placement)
        {
            Name = fields.Text("name", 1, Limits.MaxNameBytes);
            Channels = (int)fields.Whole("channels", 1, 2);
            placement.OpenRecord("placement", -1, fields.Required("placement"));
            Placement = PlacementInfo.Read(placement);
            fields.End();
        }

        /// <summary>Its name.</summary>
        public string Name { get; }

        /// <summary>1 or 2, as it is made.</summary>
        public int Channels { get; }

        /// <summary>Where it belongs.</summary>
        public PlacementInfo Placement { get; }

        internal static LayerInfo[] ReadAll(Fields fields)
        {
            LayerInfo[] all = new LayerInfo[fields.Items("layers", 0, Limits.MaxPerScene, out MsgpackReader items)];
            Fields record = new Fields(fields);
            Fields placement = new Fields(record);
            for (int i = 0; i < all.Length; i++)
            {
                record.OpenRecord("layers", i, items);
                all[i] = new LayerInfo(record, placement);
                items.Skip();
            }

            return all;
        }
    }
}
