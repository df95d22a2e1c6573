using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>How strictly JSON is read: no duplicate members, no comments, no trailing commas, and no more nesting than any ACME object has.</summary>
public static class AcmeJson
{
    public const int MaxDepth = 16;

    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
}
