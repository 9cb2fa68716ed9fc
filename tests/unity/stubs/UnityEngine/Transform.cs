using System;
using System.Collections.Generic;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Transform.html
    public class Transform : Component
    {
        private readonly List<Transform> _children = new List<Transform>();
        private Vector3 _localPosition;
        private float _localYawDeg;

        public Transform parent { get; private set; }

        public int childCount
        {
            get { return _children.Count; }
        }

        public Vector3 localPosition
        {
            get { return _localPosition; }
            set { _localPosition = value; }
        }

        public Vector3 position
        {
            get { return parent == null ? _localPosition : parent.TransformPoint(_localPosition); }
            set { _localPosition = parent == null ? value : parent.InverseTransformPoint(value); }
        }

        // Euler angles of which the stub turns by the second only: about the y axis, to the right.
        public Vector3 eulerAngles
        {
            get { return new Vector3(0f, Yaw, 0f); }
            set { _localYawDeg = value.y - (parent == null ? 0f : parent.Yaw); }
        }

        public Vector3 forward
        {
            get { return TransformDirection(new Vector3(0f, 0f, 1f)); }
        }

        private float Yaw
        {
            get { return _localYawDeg + (parent == null ? 0f : parent.Yaw); }
        }

        public Transform GetChild(int index)
        {
            return _children[index];
        }

        public void SetParent(Transform p)
        {
            SetParent(p, true);
        }

        public void SetParent(Transform parent, bool worldPositionStays)
        {
            Vector3 world = position;
            if (this.parent != null)
            {
                this.parent._children.Remove(this);
            }

            this.parent = parent;
            if (parent != null)
            {
                parent._children.Add(this);
            }

            if (worldPositionStays)
            {
                position = world;
            }
        }

        public Vector3 TransformDirection(Vector3 direction)
        {
            return Turned(direction, Yaw);
        }

        public Vector3 InverseTransformDirection(Vector3 direction)
        {
            return Turned(direction, -Yaw);
        }

        public Vector3 TransformPoint(Vector3 position)
        {
            return this.position + Turned(position, Yaw);
        }

        public Vector3 InverseTransformPoint(Vector3 position)
        {
            return Turned(position - this.position, -Yaw);
        }

        private static Vector3 Turned(Vector3 way, float yawDeg)
        {
            double yaw = yawDeg * Math.PI / 180.0;
            float sine = (float)Math.Sin(yaw);
            float cosine = (float)Math.Cos(yaw);
            return new Vector3((way.x * cosine) + (way.z * sine), way.y, (way.z * cosine) - (way.x * sine));
        }
    }
}
