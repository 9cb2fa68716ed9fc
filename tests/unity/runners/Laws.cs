using System;
using System.Globalization;
using System.IO;
using Roomtone.Wire;

namespace Roomtone.Runners
{
    /// <summary>Says what the laws of placing and mixing come to: numbers in, a line each, and numbers out.</summary>
    internal static class Laws
    {
        public static void Run(TextReader lines, TextWriter answers)
        {
            for (string line = lines.ReadLine(); line != null; line = lines.ReadLine())
            {
                string[] words = line.Split(' ');
                double[] numbers = new double[words.Length - 1];
                for (int i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = double.Parse(words[i + 1], CultureInfo.InvariantCulture);
                }

                answers.WriteLine(Json.Of(Answer(words[0], numbers)));
            }
        }

        private static double[] Answer(string law, double[] numbers)
        {
            switch (law)
            {
                case "placed": return Placed(numbers);
                case "zones": return Zones(numbers);
                case "distance": return new[] { Mixing.DistanceGain(numbers[0], numbers[1], numbers[2]) };
                case "limit": return new double[] { Mixing.SoftLimit((float)numbers[0]) };
                default: throw new ArgumentException(law);
            }
        }

        /// <summary>kind, at, near, reach, listener, yaw, channels, offset, level.</summary>
        private static double[] Placed(double[] n)
        {
            PlacementInfo placement = new PlacementInfo(
                (PlacementKind)(int)n[0], new Vector(n[1], n[2], n[3]), n[4], n[5]);
            Pose pose = new Pose(new Vector(n[6], n[7], n[8]), n[9]);
            Gains gains = Mixing.PlacedGains(placement, pose, (int)n[10], new Vector(n[11], n[12], n[13]), n[14]);
            return new double[]
            {
                gains.FirstToLeft, gains.FirstToRight, gains.SecondToLeft, gains.SecondToRight,
            };
        }

        /// <summary>Where the listener is, then each zone's middle, radius and fade.</summary>
        private static double[] Zones(double[] n)
        {
            Zone[] zones = new Zone[(n.Length - 3) / 5];
            for (int i = 0; i < zones.Length; i++)
            {
                int at = 3 + (5 * i);
                zones[i] = new Zone(new Vector(n[at], n[at + 1], n[at + 2]), n[at + 3], n[at + 4]);
            }

            double[] gains = new double[zones.Length];
            Mixing.ZoneGains(zones, zones.Length, new Vector(n[0], n[1], n[2]), gains);
            return gains;
        }
    }
}
