using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace StarPortal.Tests.Support;

/// <summary>bUnit asks for AngleSharp.Diffing 1.1.1; 0.17.0, which is there, serves (docs/decisions.md).</summary>
internal static class DiffingAssembly
{
    private const string Name = "AngleSharp.Diffing";

#pragma warning disable CA2255 // Before any test of a component runs, and nobody can forget it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Resolve() => AssemblyLoadContext.Default.Resolving += (context, wanted) =>
        wanted.Name == Name ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{Name}.dll")) : null;
}
