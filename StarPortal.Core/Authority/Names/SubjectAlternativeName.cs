namespace StarPortal.Core.Authority;

public enum NameType
{
    Dns,
    Ip,
    Email,
    Uri,
}

/// <summary>One entry of a subjectAltName extension.</summary>
/// <param name="Type">Which kind of GeneralName.</param>
/// <param name="Value">DNS names in lower-case ASCII (A-labels, perhaps with a leading <c>*.</c>); addresses in their canonical text form.</param>
public sealed record SubjectAlternativeName(NameType Type, string Value)
{
    public static SubjectAlternativeName Dns(string name) => new(NameType.Dns, name);

    public static SubjectAlternativeName Ip(string address) => new(NameType.Ip, address);

    public static SubjectAlternativeName Email(string address) => new(NameType.Email, address);

    public static SubjectAlternativeName Uri(string uri) => new(NameType.Uri, uri);

    /// <summary><c>DNS:www.example.org</c>, as OpenSSL prints it.</summary>
    public override string ToString() => Type switch
    {
        NameType.Dns => $"DNS:{Value}",
        NameType.Ip => $"IP:{Value}",
        NameType.Email => $"email:{Value}",
        NameType.Uri => $"URI:{Value}",
    };
}
