using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Roomtone.Components")]
[assembly: InternalsVisibleTo("Roomtone.Tests")]
[assembly: InternalsVisibleTo("Roomtone.Runners")]
