namespace StarPortal.Core.Credentials;

/// <summary>Where a person wants to use the certificate: what the download page asks instead of a file format.</summary>
public enum DownloadUse
{
    Firefox,
    Windows,
    Apple,
    CommandLine,
    Grid,
    Java,
    Older,
}

/// <summary>What kind of file a use gets.</summary>
public enum DownloadFormat
{
    /// <summary>PKCS#12: keys and certificates under PBES2 with AES-256-CBC and HMAC-SHA-256, MAC with SHA-256 (RFC 8018, RFC 7292).</summary>
    Pkcs12Modern,

    /// <summary>PKCS#12: pbeWithSHAAnd3-KeyTripleDES-CBC, MAC with SHA-1. For importers that know nothing newer; RC2 is never used.</summary>
    Pkcs12Legacy,

    /// <summary>One PEM file: certificate, chain, encrypted PKCS#8 key.</summary>
    PemBundle,

    /// <summary>The encrypted PKCS#8 key alone, in PEM: goes beside the certificate chain that is downloaded separately.</summary>
    PemKey,
}

/// <summary>A use in the words of the download page.</summary>
/// <param name="Use">The choice.</param>
/// <param name="Label">Programs or systems by name.</param>
/// <param name="Format">What they get.</param>
/// <param name="NextStep">What to do with the file.</param>
public sealed record DownloadChoice(DownloadUse Use, string Label, DownloadFormat Format, string NextStep)
{
    /// <summary>Every use, the most frequent first.</summary>
    public static IReadOnlyList<DownloadChoice> All { get; } =
    [
        new(DownloadUse.Firefox, "Firefox or Thunderbird", DownloadFormat.Pkcs12Modern,
            "Settings → Privacy & Security → Certificates → View Certificates → Your Certificates → Import."),
        new(DownloadUse.Windows, "Windows: Edge, Chrome, Outlook", DownloadFormat.Pkcs12Modern,
            "Open the file and follow the wizard (Windows 10 version 1809, Server 2019 or newer; else take “Something older”)."),
        new(DownloadUse.Apple, "macOS, iPhone, iPad", DownloadFormat.Pkcs12Legacy,
            "Open the file; Keychain Access or the profile settings take it. Apple's importer refuses the modern encryption, so this file has the older one."),
        new(DownloadUse.CommandLine, "Linux: openssl, curl, Python", DownloadFormat.PemBundle,
            "One PEM file with certificate, chain and encrypted key: curl --cert file.pem; openssl asks for the passphrase."),
        new(DownloadUse.Grid, "Grid tools: grid-proxy-init, voms, gsissh", DownloadFormat.PemKey,
            "Save this as ~/.globus/userkey.pem with mode 0400, and the certificate chain as ~/.globus/usercert.pem."),
        new(DownloadUse.Java, "Java key store", DownloadFormat.Pkcs12Modern,
            "Java 8u301 or newer reads the file as a key store of type PKCS12."),
        new(DownloadUse.Older, "Something older that refuses the file", DownloadFormat.Pkcs12Legacy,
            "Triple DES and SHA-1: weak by today's measure, so delete the file once it is imported."),
    ];

    public static DownloadChoice Of(DownloadUse use) => All.First(choice => choice.Use == use);
}

/// <summary>A file to hand out.</summary>
public sealed record DownloadFile(string Name, string ContentType, byte[] Content);
