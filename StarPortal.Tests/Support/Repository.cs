using System.Reflection;

namespace StarPortal.Tests.Support;

/// <summary>Where the sources and the built program are.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Metadata("Repository");

    /// <summary>The built web application: <c>dotnet starportal.dll</c>.</summary>
    public static string WebProgram { get; } = Path.GetFullPath(Metadata("PortalProgram"));

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
