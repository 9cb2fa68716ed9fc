namespace Roomtone.Components
{
    /// <summary>Who places a layer in space.</summary>
    public enum RoomtoneSpatialisation
    {
        /// <summary>Unity's 3D sound, and the spatialiser plugin where the project has one.</summary>
        Engine,

        /// <summary>Roomtone's own laws, as in every other client: stereo, with the same level from every direction.</summary>
        Roomtone,
    }
}
