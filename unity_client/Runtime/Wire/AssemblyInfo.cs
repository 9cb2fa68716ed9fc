using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Roomtone.Client")]
[assembly: InternalsVisibleTo("Roomtone.Tests")]
[assembly: InternalsVisibleTo("Roomtone.Runners")]
