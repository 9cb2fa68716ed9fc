using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What a comeback tells; every call comes on the connection's thread.</summary>
    internal interface IComebackOwner
    {
        /// <summary>A scene is open, under its handle of today.</summary>
        void Opened(SceneRecord record);

        /// <summary>A stream has ended meanwhile.</summary>
        void LayerGone(SceneRecord record, int handle);

        /// <summary>A scene cannot be opened again, and why.</summary>
        void SceneLost(SceneRecord record, RoomtoneException error);

        /// <summary>The daemon must hear how far it may go and how far it came.</summary>
        void SayCredit(SceneRecord record);
    }
}
