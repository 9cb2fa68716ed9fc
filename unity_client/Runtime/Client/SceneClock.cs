using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>
    /// Keeps the layers of one scene together while every layer is a source with a callback of its own: all callbacks of
    /// one turn of the audio engine hear the same frames, and the scene moves on once a turn.
    /// </summary>
    /// <remarks>
    /// One audio thread, which waits for nothing here and allocates nothing; <see cref="Retune"/> is any thread's. Who
    /// plays a scene through a clock must not read it otherwise.
    /// </remarks>
    internal sealed class SceneClock
    {
        private readonly Playback _playback;
        private OutputRate _rate = new OutputRate(Limits.SampleRateHz);
        private OutputRate _heldRate;
        private double _turnedS = double.NaN;
        private int _outputFrames;
        private int _phase;
        private bool _started;

        public SceneClock(Playback playback)
        {
            _playback = playback;
        }

        /// <summary>The rate of the audio device.</summary>
        public OutputRate Rate
        {
            get { return Volatile.Read(ref _rate); }
        }

        /// <summary>The number of this turn.</summary>
        public long Cycle { get; private set; }

        /// <summary>Where this turn begins on the scene's clock.</summary>
        public long FirstFrame { get; private set; }

        /// <summary>How many frames of the scene it takes.</summary>
        public int Frames { get; private set; }

        /// <summary>How many parts of a frame it begins behind that.</summary>
        public int FirstPhase { get; private set; }

        /// <summary>The rate that holds in this turn.</summary>
        public OutputRate HeldRate
        {
            get { return _heldRate; }
        }

        /// <summary>Plays at another rate from the next turn on.</summary>
        public void Retune(int outputRateHz)
        {
            if (Rate.Hz != outputRateHz)
            {
                Volatile.Write(ref _rate, new OutputRate(outputRateHz));
            }
        }

        /// <summary>Turns, if nobody has in this turn of the engine; false while the scene is not ready to be heard.</summary>
        /// <param name="dspTimeS">The engine's time, the same in all callbacks of one turn.</param>
        /// <param name="outputFrames">How many frames the callback makes.</param>
        /// <param name="heardCycle">The turn that the caller heard last: none is heard twice.</param>
        public bool Turn(double dspTimeS, int outputFrames, long heardCycle)
        {
            if (dspTimeS != _turnedS || outputFrames != _outputFrames || heardCycle == Cycle)
            {
                _turnedS = dspTimeS;
                _outputFrames = outputFrames;
                Begin(outputFrames);
            }

            return _started;
        }

        private void Begin(int outputFrames)
        {
            Cycle++;
            if (!_started && !_playback.IsReady(_playback.AheadFrames))
            {
                return;
            }

            _started = true;
            if (_heldRate != Rate)
            {
                _heldRate = Rate;
                _phase = 0;
            }

            FirstFrame = _playback.PositionFrame;
            FirstPhase = _phase;
            long end = _phase + ((long)outputFrames * _heldRate.Step);
            Frames = (int)(end / _heldRate.Parts);
            _phase = (int)(end % _heldRate.Parts);
            _playback.Pass(Frames);
        }
    }
}
