namespace Roomtone.Components
{
    /// <summary>Where a layer's place comes from.</summary>
    public enum RoomtonePlace
    {
        /// <summary>The scene file: the layer's object is moved there.</summary>
        SceneFile,

        /// <summary>The layer's object: it stays where the designer put it.</summary>
        Transform,
    }
}
