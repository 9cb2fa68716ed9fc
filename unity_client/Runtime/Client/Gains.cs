using System;

namespace Roomtone
{
    /// <summary>How much of each channel of a stream goes to left and right; of a mono stream the first row counts.</summary>
    public readonly struct Gains : IEquatable<Gains>
    {
        /// <summary>Nothing is heard.</summary>
        public static readonly Gains Silent = default;

        /// <summary>Names all four.</summary>
        public Gains(float firstToLeft, float firstToRight, float secondToLeft, float secondToRight)
        {
            FirstToLeft = firstToLeft;
            FirstToRight = firstToRight;
            SecondToLeft = secondToLeft;
            SecondToRight = secondToRight;
        }

        /// <summary>Of the first channel, to the left.</summary>
        public float FirstToLeft { get; }

        /// <summary>Of the first channel, to the right.</summary>
        public float FirstToRight { get; }

        /// <summary>Of the second channel, to the left.</summary>
        public float SecondToLeft { get; }

        /// <summary>Of the second channel, to the right.</summary>
        public float SecondToRight { get; }

        /// <summary>All around: stereo as it is, mono to both sides.</summary>
        public static Gains Around(int channels, float level = 1f)
        {
            return channels == 1 ? new Gains(level, level, 0f, 0f) : new Gains(level, 0f, 0f, level);
        }

        /// <summary>Gains on the way from some to others.</summary>
        internal static Gains Between(Gains first, Gains last, float way)
        {
            return new Gains(
                first.FirstToLeft + ((last.FirstToLeft - first.FirstToLeft) * way),
                first.FirstToRight + ((last.FirstToRight - first.FirstToRight) * way),
                first.SecondToLeft + ((last.SecondToLeft - first.SecondToLeft) * way),
                first.SecondToRight + ((last.SecondToRight - first.SecondToRight) * way));
        }

        /// <summary>What gains grow by in each of so many frames on the way.</summary>
        internal static Gains Step(Gains first, Gains last, int frames)
        {
            return new Gains(
                (last.FirstToLeft - first.FirstToLeft) / frames,
                (last.FirstToRight - first.FirstToRight) / frames,
                (last.SecondToLeft - first.SecondToLeft) / frames,
                (last.SecondToRight - first.SecondToRight) / frames);
        }

        /// <inheritdoc/>
        public bool Equals(Gains other)
        {
            return FirstToLeft == other.FirstToLeft
                && FirstToRight == other.FirstToRight
                && SecondToLeft == other.SecondToLeft
                && SecondToRight == other.SecondToRight;
        }

        /// <inheritdoc/>
        public override bool Equals(object other)
        {
            return other is Gains gains && Equals(gains);
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            return FirstToLeft.GetHashCode()
                ^ (FirstToRight.GetHashCode() << 1)
                ^ (SecondToLeft.GetHashCode() << 2)
                ^ (SecondToRight.GetHashCode() << 3);
        }
    }
}
