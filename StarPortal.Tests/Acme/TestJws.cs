using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace StarPortal.Tests.Acme;

/// <summary>A flattened JWS that is right until a test breaks one thing of it.</summary>
public sealed class TestJws
{
    public required JsonObject Header { get; set; }

    /// <summary>Instead of <see cref="Header"/>: exactly this text.</summary>
    public string? RawHeader { get; set; }

    public byte[] Payload { get; set; } = [];

    /// <summary>Signs the input; null leaves an empty signature.</summary>
    public required Func<byte[], byte[]> Sign { get; set; }

    /// <summary>Changes the three texts when all is signed.</summary>
    public Action<JsonObject>? Last { get; set; }

    public JsonObject ToJson()
    {
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(RawHeader ?? Header.ToJsonString()));
        var payload = Base64Url.EncodeToString(Payload);
        var jws = new JsonObject { ["protected"] = header, ["payload"] = payload, ["signature"] = Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes($"{header}.{payload}"))) };
        Last?.Invoke(jws);
        return jws;
    }

    public override string ToString() => ToJson().ToJsonString();
}
