namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Behaviour.html
    public class Behaviour : Component
    {
        private bool _enabled = true;

        public bool enabled
        {
            get
            {
                return _enabled;
            }

            set
            {
                _enabled = value;
                StubEngine.Refresh(this);
            }
        }

        public bool isActiveAndEnabled
        {
            get { return _enabled && gameObject.activeInHierarchy; }
        }
    }
}
