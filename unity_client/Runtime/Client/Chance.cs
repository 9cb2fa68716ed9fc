namespace Roomtone
{
    /// <summary>Chance as an argument: the same seed gives the same numbers, without garbage. One thread.</summary>
    /// <remarks>Source: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators", xorshift64*.</remarks>
    internal sealed class Chance
    {
        private ulong _state;

        public Chance(ulong seed)
        {
            // Zero would stay zero; one step of splitmix64 keeps near seeds apart.
            ulong z = seed + 0x9e3779b97f4a7c15UL;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
            z ^= z >> 31;
            _state = z == 0 ? 1 : z;
        }

        /// <summary>Returns a number from 0 to below the bound, which is below 2^31.</summary>
        public int Below(int bound)
        {
            _state ^= _state >> 12;
            _state ^= _state << 25;
            _state ^= _state >> 27;
            ulong high = (_state * 0x2545f4914f6cdd1dUL) >> 32;
            return (int)((high * (ulong)bound) >> 32);
        }
    }
}
