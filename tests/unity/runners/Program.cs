using System;
using System.IO;

namespace Roomtone.Runners
{
    /// <summary>What tests in other languages start under Mono.</summary>
    internal static class Program
    {
        private static string[] Rest(string[] arguments)
        {
            string[] rest = new string[arguments.Length - 1];
            Array.Copy(arguments, 1, rest, 0, rest.Length);
            return rest;
        }

        private static int Main(string[] arguments)
        {
            using (StreamWriter answers = new StreamWriter(Console.OpenStandardOutput()))
            {
                switch (arguments[0])
                {
                    case "codecs":
                        Codecs.Run(Console.In, answers);
                        return 0;
                    case "driver":
                        Driver.Run(Console.In, answers);
                        return 0;
                    case "laws":
                        Laws.Run(Console.In, answers);
                        return 0;
                    case "soak":
                        Soak.Run(Rest(arguments), answers);
                        return 0;
                    default:
                        Console.Error.WriteLine("what: codecs, driver, laws, soak");
                        return 64;
                }
            }
        }
    }
}
