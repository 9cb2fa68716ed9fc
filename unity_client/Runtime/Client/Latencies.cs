namespace Roomtone
{
    /// <summary>The last few times from asking for a change to the arrival of its sound, in seconds. Any thread.</summary>
    internal sealed class Latencies
    {
        private const int Most = 4096;

        private readonly double[] _s = new double[Most];
        private long _count;

        public void Add(double seconds)
        {
            lock (_s)
            {
                _s[_count % Most] = seconds;
                _count++;
            }
        }

        public double[] ToArray()
        {
            lock (_s)
            {
                double[] kept = new double[_count < Most ? _count : Most];
                for (int i = 0; i < kept.Length; i++)
                {
                    kept[i] = _s[(_count - kept.Length + i) % Most];
                }

                return kept;
            }
        }
    }
}
