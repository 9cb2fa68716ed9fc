using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Roomtone.Components.Tests")]
