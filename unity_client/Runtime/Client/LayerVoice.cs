using System;
using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>One layer as an audio engine's callback hears it.</summary>
    /// <remarks>
    /// <see cref="Multiply"/> is the audio thread's: it waits for nothing, allocates nothing and throws nothing.
    /// Everything else is any other thread's.
    /// </remarks>
    public sealed class LayerVoice
    {
        private readonly SceneClock _clock;
        private readonly LayerStream _stream;
        private readonly float[] _piece;
        private Resampler _resampler;
        private volatile float _firstToLeft;
        private volatile float _firstToRight;
        private volatile float _secondToLeft;
        private volatile float _secondToRight;
        private volatile float _power;
        private volatile bool _silent = true;
        private Gains _last;
        private Gains _aim;
        private double _energy;
        private long _cycle = -1;
        private long _nextFrame = -1;

        internal LayerVoice(SceneClock clock, LayerStream stream)
        {
            _clock = clock;
            _stream = stream;
            _piece = new float[Limits.BlockFrames * stream.Channels];
            Retune();
        }

        /// <summary>1 or 2.</summary>
        public int Channels
        {
            get { return _stream.Channels; }
        }

        /// <summary>How loud it was in the last callback, gains included, in dB of full scale; -200 for silence.</summary>
        public double LevelDb
        {
            get { return _power > 1e-20f ? 10.0 * Math.Log10(_power) : -200.0; }
        }

        /// <summary>Whether its gains have arrived at nothing: the engine may stop its source without a click.</summary>
        public bool IsSilent
        {
            get { return _silent; }
        }

        /// <summary>Whether there is nothing more to hear of it.</summary>
        public bool IsOver
        {
            get { return !_stream.HeardFrom(Volatile.Read(ref _nextFrame)); }
        }

        /// <summary>Walks to other gains in the next callback.</summary>
        public void Aim(Gains gains)
        {
            // A callback that sees some new and some old ones is between two places for a few milliseconds: unheard.
            _firstToLeft = gains.FirstToLeft;
            _firstToRight = gains.FirstToRight;
            _secondToLeft = gains.SecondToLeft;
            _secondToRight = gains.SecondToRight;
        }

        /// <summary>Follows the scene to the rate of another audio device.</summary>
        public void Retune()
        {
            OutputRate rate = _clock.Rate;
            Volatile.Write(ref _resampler, rate.IsNative ? null : new Resampler(rate, Channels));
        }

        /// <summary>Multiplies a buffer of the engine by the layer's next samples.</summary>
        /// <param name="data">Interleaved; what the engine's own gains and panning made of a signal that is 1 throughout.</param>
        /// <param name="channels">Of the buffer: the first is left, the second right, others get the mean of both.</param>
        /// <param name="dspTimeS">The engine's time, the same in all callbacks of one turn.</param>
        public void Multiply(float[] data, int channels, double dspTimeS)
        {
            int frames = channels > 0 ? data.Length / channels : 0;
            bool ready = _clock.Turn(dspTimeS, frames, _cycle);
            _cycle = _clock.Cycle;
            Resampler resampler = Volatile.Read(ref _resampler);
            if (!ready || frames == 0 || !Fits(resampler))
            {
                Array.Clear(data, 0, data.Length);
                _power = 0f;
                _silent = true;
                return;
            }

            if (_nextFrame != _clock.FirstFrame)
            {
                Rejoin(resampler);
            }

            _aim = new Gains(_firstToLeft, _firstToRight, _secondToLeft, _secondToRight);
            _energy = 0.0;
            if (resampler == null)
            {
                HearDirectly(data, channels, frames);
            }
            else
            {
                HearResampled(resampler, data, channels, frames);
            }

            _last = _aim;
            _silent = _aim.Equals(Gains.Silent);
            _power = (float)(_energy / (2.0 * frames));
            Volatile.Write(ref _nextFrame, _clock.FirstFrame + _clock.Frames);
        }

        /// <summary>Between a change of the device and the main thread's hearing of it there is silence.</summary>
        private bool Fits(Resampler resampler)
        {
            OutputRate held = _clock.HeldRate;
            return resampler == null ? held != null && held.IsNative : resampler.Rate == held;
        }

        /// <summary>Comes in, or back after the engine had it stopped: it fades in, whatever it did before.</summary>
        private void Rejoin(Resampler resampler)
        {
            _last = Gains.Silent;
            if (resampler != null)
            {
                resampler.Reset(_clock.FirstPhase);
            }
        }

        private void HearDirectly(float[] data, int channels, int frames)
        {
            for (int done = 0; done < frames;)
            {
                int here = Math.Min(frames - done, Limits.BlockFrames);
                _stream.Read(_clock.FirstFrame + done, here, _piece, 0);
                Apply(_piece, here, data, channels, done, frames);
                done += here;
            }
        }

        private void HearResampled(Resampler resampler, float[] data, int channels, int frames)
        {
            long first = _clock.FirstFrame;
            for (int done = 0; done < frames;)
            {
                int here = Math.Min(frames - done, Resampler.MostFrames);
                int needed = resampler.Needs(here);
                _stream.Read(first, needed, resampler.Input, resampler.InputAt);
                resampler.Make(here);
                Apply(resampler.Output, here, data, channels, done, frames);
                first += needed;
                done += here;
            }
        }

        /// <summary>Multiplies so many frames of the buffer, from one on, by samples on their way between two gains.</summary>
        private void Apply(float[] samples, int frames, float[] data, int channels, int done, int total)
        {
            float way = (float)done / total;
            Gains from = Gains.Between(_last, _aim, way);
            Gains step = Gains.Step(_last, _aim, total);
            _energy += Channels == 1
                ? ApplyMono(samples, frames, data, channels, done, from, step)
                : ApplyStereo(samples, frames, data, channels, done, from, step);
        }

        private static float ApplyMono(
            float[] samples, int frames, float[] data, int channels, int done, Gains from, Gains step)
        {
            float left = from.FirstToLeft;
            float right = from.FirstToRight;
            float energy = 0f;
            for (int frame = 0, at = done * channels; frame < frames; frame++, at += channels)
            {
                left += step.FirstToLeft;
                right += step.FirstToRight;
                float sample = samples[frame];
                float toLeft = sample * left;
                float toRight = sample * right;
                energy += (toLeft * toLeft) + (toRight * toRight);
                if (channels == 2)
                {
                    data[at] *= toLeft;
                    data[at + 1] *= toRight;
                }
                else
                {
                    Put(data, at, channels, toLeft, toRight);
                }
            }

            return energy;
        }

        private static float ApplyStereo(
            float[] samples, int frames, float[] data, int channels, int done, Gains from, Gains step)
        {
            float firstLeft = from.FirstToLeft;
            float firstRight = from.FirstToRight;
            float secondLeft = from.SecondToLeft;
            float secondRight = from.SecondToRight;
            float energy = 0f;
            for (int frame = 0, at = done * channels; frame < frames; frame++, at += channels)
            {
                firstLeft += step.FirstToLeft;
                firstRight += step.FirstToRight;
                secondLeft += step.SecondToLeft;
                secondRight += step.SecondToRight;
                float first = samples[2 * frame];
                float second = samples[(2 * frame) + 1];
                float toLeft = (first * firstLeft) + (second * secondLeft);
                float toRight = (first * firstRight) + (second * secondRight);
                energy += (toLeft * toLeft) + (toRight * toRight);
                if (channels == 2)
                {
                    data[at] *= toLeft;
                    data[at + 1] *= toRight;
                }
                else
                {
                    Put(data, at, channels, toLeft, toRight);
                }
            }

            return energy;
        }

        /// <summary>Multiplies one frame of a device that is not stereo.</summary>
        private static void Put(float[] data, int at, int channels, float left, float right)
        {
            float middle = 0.5f * (left + right);
            if (channels == 1)
            {
                data[at] *= middle;
                return;
            }

            data[at] *= left;
            data[at + 1] *= right;
            for (int channel = 2; channel < channels; channel++)
            {
                data[at + channel] *= middle;
            }
        }
    }
}
