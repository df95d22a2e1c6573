using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>
/// A specification that adds to orders (RFC 8739, RFC 9115): which members of newOrder it understands. Members that no extension knows are
/// ignored (RFC 8555 7.1.2 and 7.4).
/// </summary>
public interface IOrderExtension
{
    /// <summary>Members of the newOrder object, such as <c>auto-renewal</c>.</summary>
    IReadOnlyList<string> Members { get; }

    /// <summary>What it adds to the directory's meta.</summary>
    void WriteMeta(Utf8JsonWriter meta);
}
