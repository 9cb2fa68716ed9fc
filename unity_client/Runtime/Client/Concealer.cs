using System;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>
    /// What is heard while samples are missing. It stands between one stream's samples and the ear: while samples arrive
    /// they pass untouched, to the bit. A gap begins with the mirror image of what was heard, which is continuous by
    /// construction, and goes on with random overlapping grains of the last second; it holds its level for a second
    /// and is silent after three. What returns is crossfaded in over 30 ms.
    /// </summary>
    /// <remarks>One thread, an audio thread too: nothing is allocated after it is made. Pieces are at most a block.</remarks>
    internal sealed class Concealer
    {
        public const int HistoryFrames = Limits.SampleRateHz;
        public const int GrainFrames = 5760;
        public const int ReturnFrames = 1440;
        public const int FarewellFrames = 1440;
        public const int HoldFrames = 48000;
        public const int GoneFrames = 144000;
        private const int HopFrames = GrainFrames / 2;

        // Squares of the two halves sum to one: grains of noise that know nothing of each other keep its power.
        private static readonly float[] Rise = HalfWindow(HopFrames);
        private static readonly float[] Return = HalfWindow(ReturnFrames);

        private readonly int _channels;
        private readonly Chance _chance;
        private readonly Recent _heard;

        // What would have been heard had no gap faded: continuous, at full level, so grains may start anywhere.
        private readonly Recent _lively;
        private readonly float[] _material;
        private readonly float[] _overlap;
        private readonly float[] _hop;
        private readonly float[] _piece;
        private int _materialFrames;
        private int _hopAt = HopFrames;
        private int _gapFrames;
        private int _returnedFrames = ReturnFrames;
        private bool _leaving;

        public Concealer(int channels, Chance chance)
        {
            _channels = channels;
            _chance = chance;
            _heard = new Recent(HopFrames, channels);
            _lively = new Recent(HistoryFrames, channels);
            _material = new float[HistoryFrames * channels];
            _overlap = new float[HopFrames * channels];
            _hop = new float[HopFrames * channels];
            _piece = new float[Limits.BlockFrames * channels];
        }

        /// <summary>Takes samples that arrived, and puts in their place what should be heard.</summary>
        public void Real(float[] samples, int at, int frames)
        {
            _leaving = false;
            if (_returnedFrames < ReturnFrames)
            {
                HandBack(samples, at, frames);
                return;
            }

            _heard.Add(samples, at, frames);
            _lively.Add(samples, at, frames);
        }

        /// <summary>Puts what should be heard where samples are missing.</summary>
        public void Fill(float[] into, int at, int frames)
        {
            OpenGap();
            Texture(into, at, frames);
            _lively.Add(into, at, frames);
            for (int frame = 0; frame < frames; frame++)
            {
                Scale(into, at + (frame * _channels), Level(_gapFrames + frame));
            }

            _gapFrames += frames;
            _heard.Add(into, at, frames);
        }

        /// <summary>Expects that the next samples do not continue the last ones: crossfades them in as after a gap.</summary>
        public void Bridge()
        {
            if (_heard.Frames > 0)
            {
                OpenGap();
            }
        }

        /// <summary>Puts what should be heard after a stream's very end: it fades, it is not cut.</summary>
        public void Farewell(float[] into, int at, int frames)
        {
            if (!_leaving)
            {
                BeginToLeave();
            }

            int here = Math.Min(frames, HopFrames - _hopAt);
            Array.Copy(_hop, _hopAt * _channels, into, at, here * _channels);
            Array.Clear(into, at + (here * _channels), (frames - here) * _channels);
            _hopAt += here;
        }

        private void BeginToLeave()
        {
            _leaving = true;
            _heard.Mirror(_hop, FarewellFrames);
            for (int frame = 0; frame < FarewellFrames; frame++)
            {
                Scale(_hop, frame * _channels, 1f - ((float)frame / (FarewellFrames - 1)));
            }

            Array.Clear(_hop, FarewellFrames * _channels, (HopFrames - FarewellFrames) * _channels);
            _hopAt = 0;
        }

        private void HandBack(float[] samples, int at, int frames)
        {
            int crossed = Math.Min(frames, ReturnFrames - _returnedFrames);
            Texture(_piece, 0, crossed);

            // The lively history first: its texture is at full level.
            for (int i = 0; i < crossed * _channels; i++)
            {
                float rise = Return[_returnedFrames + (i / _channels)];
                float fall = Return[ReturnFrames - 1 - _returnedFrames - (i / _channels)];
                float real = samples[at + i] * rise;
                float texture = _piece[i] * fall;
                samples[at + i] = real + texture;
                _piece[i] = real + (texture * Level(_gapFrames + (i / _channels)));
            }

            _lively.Add(samples, at, frames);
            Array.Copy(_piece, 0, samples, at, crossed * _channels);
            _heard.Add(samples, at, frames);
            _gapFrames += crossed;
            _returnedFrames += crossed;
        }

        private void OpenGap()
        {
            if (_returnedFrames == 0)
            {
                return; // nothing returned since the gap began: it goes on
            }

            _leaving = false;
            _returnedFrames = 0;
            _gapFrames = 0;
            _materialFrames = _lively.CopyTo(_material);
            _hopAt = HopFrames;
            _heard.Mirror(_overlap, HopFrames);
            for (int frame = 0; frame < HopFrames; frame++)
            {
                Scale(_overlap, frame * _channels, Rise[HopFrames - 1 - frame]);
            }
        }

        /// <summary>Puts the next frames of the texture, at full level.</summary>
        private void Texture(float[] into, int at, int frames)
        {
            while (frames > 0)
            {
                if (_hopAt == HopFrames)
                {
                    NextHop();
                }

                int here = Math.Min(frames, HopFrames - _hopAt);
                Array.Copy(_hop, _hopAt * _channels, into, at, here * _channels);
                _hopAt += here;
                at += here * _channels;
                frames -= here;
            }
        }

        private void NextHop()
        {
            _hopAt = 0;
            int room = _materialFrames - GrainFrames;
            if (room < 0)
            {
                Array.Copy(_overlap, _hop, _hop.Length);
                Array.Clear(_overlap, 0, _overlap.Length);
                return;
            }

            int start = _chance.Below(room + 1) * _channels;
            int half = HopFrames * _channels;
            for (int i = 0; i < half; i++)
            {
                int frame = i / _channels;
                _hop[i] = _overlap[i] + (_material[start + i] * Rise[frame]);
                _overlap[i] = _material[start + half + i] * Rise[HopFrames - 1 - frame];
            }
        }

        private void Scale(float[] samples, int at, float gain)
        {
            for (int channel = 0; channel < _channels; channel++)
            {
                samples[at + channel] *= gain;
            }
        }

        /// <summary>How loud a gap is: whole for a second, then falling to nothing at three.</summary>
        internal static float Level(int gapFrames)
        {
            if (gapFrames <= HoldFrames)
            {
                return 1f;
            }

            double way = (double)(gapFrames - HoldFrames) / (GoneFrames - HoldFrames);
            return way >= 1.0 ? 0f : (float)(0.5 + (0.5 * Math.Cos(Math.PI * way)));
        }

        private static float[] HalfWindow(int frames)
        {
            float[] window = new float[frames];
            for (int i = 0; i < frames; i++)
            {
                window[i] = (float)Math.Sin(Math.PI / 2.0 * (i + 0.5) / frames);
            }

            return window;
        }
    }
}
