namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Object.html
    // A destroyed object equals null, as in the engine.
    public class Object
    {
        private string _name = "";
        private bool _destroyed;

        // A component has the name of its object.
        public string name
        {
            get { return this is Component part && part.gameObject != null ? part.gameObject.name : _name; }
            set { _name = value; }
        }

        public HideFlags hideFlags { get; set; }

        public static implicit operator bool(Object exists)
        {
            return exists != null;
        }

        public static bool operator ==(Object x, Object y)
        {
            return ReferenceEquals(Alive(x), Alive(y));
        }

        public static bool operator !=(Object x, Object y)
        {
            return !(x == y);
        }

        public static void Destroy(Object obj)
        {
            StubEngine.Destroy(obj);
        }

        public static void DontDestroyOnLoad(Object target)
        {
            StubEngine.Keep((GameObject)target);
        }

        public static T FindObjectOfType<T>()
            where T : Object
        {
            return StubEngine.Find<T>();
        }

        public static T[] FindObjectsOfType<T>()
            where T : Object
        {
            return StubEngine.FindAll<T>();
        }

        public override bool Equals(object other)
        {
            return this == other as Object;
        }

        public override int GetHashCode()
        {
            return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
        }

        internal void StubMarkDestroyed()
        {
            _destroyed = true;
        }

        private static Object Alive(Object obj)
        {
            return ReferenceEquals(obj, null) || obj._destroyed ? null : obj;
        }
    }
}
