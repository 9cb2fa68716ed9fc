using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>Where a layer stands: in the scene file, where the designer put it, or where its last event sounded.</summary>
    internal static class LayerPlace
    {
        /// <summary>Moves a layer's object to where the engine must hear it from.</summary>
        public static void Move(RoomtoneLayer layer, RoomtoneScene scene, PlacementInfo placement)
        {
            if (placement.Kind == PlacementKind.Scatter && scene.Listener != null)
            {
                Vector3 way = scene.transform.TransformDirection(Axes.ToUnity(layer.Layer.OffsetM));
                layer.transform.position = scene.Listener.position + way;
            }
            else if (layer.Place == RoomtonePlace.SceneFile && placement.Kind != PlacementKind.Bed)
            {
                layer.transform.position = scene.transform.TransformPoint(Axes.ToUnity(placement.AtM));
            }
        }

        /// <summary>Says where a layer is for the laws.</summary>
        public static PlacementInfo Of(RoomtoneLayer layer, RoomtoneScene scene, PlacementInfo placement)
        {
            if (layer.Place == RoomtonePlace.SceneFile || placement.Kind == PlacementKind.Bed)
            {
                return placement;
            }

            return new PlacementInfo(placement.Kind, AtM(layer, scene), placement.NearM, placement.ReachM);
        }

        /// <summary>Says where a prompt's layer belongs; null is all around.</summary>
        public static PlacementInfo OfPrompt(RoomtoneLayer layer, RoomtoneScene scene, float nearM, float reachM)
        {
            return reachM > 0f ? new PlacementInfo(PlacementKind.Point, AtM(layer, scene), nearM, reachM) : null;
        }

        private static Vector AtM(RoomtoneLayer layer, RoomtoneScene scene)
        {
            return Axes.FromUnity(scene.transform.InverseTransformPoint(layer.transform.position));
        }
    }
}
