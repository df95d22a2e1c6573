namespace StarPortal.Core.Authority;

/// <summary>Section <c>Authority:ExternalCa</c>: the CA that signs certificates of profiles with <see cref="IssuanceProfile.External"/>.</summary>
public sealed class ExternalCaOptions
{
    public const string Section = "Authority:ExternalCa";

    /// <summary>A PEM file with its certificates: those that may sign people's certificates, and all above them up to a self-signed root.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Whom people and officers turn to for what only that CA can do, as the end of a sentence: <c>the Grid CA, ca@example.org</c>.</summary>
    public string? Contact { get; set; }
}
