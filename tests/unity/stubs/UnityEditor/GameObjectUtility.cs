using UnityEngine;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/GameObjectUtility.html
    public sealed class GameObjectUtility
    {
        public static void SetParentAndAlign(GameObject child, GameObject parent)
        {
            child.transform.SetParent(parent == null ? null : parent.transform, false);
        }
    }
}
