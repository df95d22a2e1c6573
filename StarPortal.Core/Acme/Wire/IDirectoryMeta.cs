using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>A part of the product that has something to say in the directory's <c>meta</c> (RFC 8555 7.1.1). Register it as a singleton.</summary>
public interface IDirectoryMeta
{
    /// <param name="meta">Inside the object: write members.</param>
    void Write(Utf8JsonWriter meta);
}
