using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Roomtone.Editor")]
[assembly: InternalsVisibleTo("Roomtone.Components.Tests")]
