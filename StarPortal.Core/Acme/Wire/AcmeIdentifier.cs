using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>
/// An identifier as an order has it, parsed at the door: DNS names in lower-case A-labels (perhaps with a leading <c>*.</c>), addresses in the text
/// form of RFC 5952. Compared as a value.
/// </summary>
public sealed record AcmeIdentifier(AcmeIdentifierType Type, string Value)
{
    private const string WildcardPrefix = "*.";

    public bool IsWildcard => Value.StartsWith(WildcardPrefix, StringComparison.Ordinal);

    /// <summary><c>dns</c> or <c>ip</c>, as on the wire.</summary>
    public string TypeToken => Type switch
    {
        AcmeIdentifierType.Dns => "dns",
        AcmeIdentifierType.Ip => "ip",
    };

    /// <summary>The identifier of the authorization: without the wildcard (RFC 8555 7.1.4).</summary>
    public AcmeIdentifier WithoutWildcard() => IsWildcard ? this with { Value = Value[WildcardPrefix.Length..] } : this;

    public static AcmeIdentifier Dns(string name) => new(AcmeIdentifierType.Dns, name);

    public static AcmeIdentifier Ip(string address) => new(AcmeIdentifierType.Ip, address);

    /// <exception cref="AcmeException">unsupportedIdentifier: neither dns nor ip; malformed: nothing that can stand in a certificate.</exception>
    public static AcmeIdentifier Parse(string? type, string? value) => type switch
    {
        "dns" => ParseName(value),
        "ip" => ParseAddress(value),
        null => throw AcmeErrors.Malformed("An identifier has a type and a value."),
        _ => throw new AcmeException(AcmeProblemType.UnsupportedIdentifier, "Identifiers are of type dns or ip here."),
    };

    public SubjectAlternativeName ToAlternativeName() => new(Type switch { AcmeIdentifierType.Dns => NameType.Dns, AcmeIdentifierType.Ip => NameType.Ip }, Value);

    public override string ToString() => $"{TypeToken}:{Value}";

    /// <summary>RFC 8555 7.1.4: the ASCII form; RFC 5280 4.2.1.6: no trailing dot, preferred name syntax.</summary>
    private static AcmeIdentifier ParseName(string? value)
    {
        if (value is null) throw AcmeErrors.Malformed("An identifier has a type and a value.");
        var name = SubjectAlternativeName.Dns(value.ToLowerInvariant());
        if (NameSyntax.FindProblem(name) is { } problem) throw AcmeErrors.Malformed(problem);
        if (!name.Value.Contains('.', StringComparison.Ordinal)) throw AcmeErrors.Malformed($"'{name.Value}' is a single label: a name that is certified has a domain.");
        if (name.Value.Contains("xn--", StringComparison.Ordinal) && !IsIdn(name.Value)) throw AcmeErrors.Malformed($"'{name.Value}' has a label that is not the xn-- form of anything.");
        return new(AcmeIdentifierType.Dns, name.Value);
    }

    private static bool IsIdn(string name)
    {
        try
        {
            return new IdnMapping { UseStd3AsciiRules = true }.GetUnicode(name.StartsWith(WildcardPrefix, StringComparison.Ordinal) ? name[WildcardPrefix.Length..] : name).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>RFC 8738 3: RFC 1123 2.1 for version 4, RFC 5952 4 for version 6; an address that only wraps one of version 4 is not taken.</summary>
    private static AcmeIdentifier ParseAddress(string? value)
    {
        var isFine = value is { Length: > 0 and <= 45 } && IPAddress.TryParse(value, out var address) && address.ToString() == value
            && (address.AddressFamily is AddressFamily.InterNetwork || (address.ScopeId == 0 && !address.IsIPv4MappedToIPv6));
        return isFine ? new(AcmeIdentifierType.Ip, value!) : throw AcmeErrors.Malformed("An ip identifier is an address in its usual form (RFC 1123, RFC 5952).");
    }
}
