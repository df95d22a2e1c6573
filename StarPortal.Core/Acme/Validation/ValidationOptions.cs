using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Acme;

/// <summary>Section <c>Acme:Validation</c>: the bounds of a validation. Ports, nets and DNS servers are in section <c>Acme</c> itself.</summary>
public sealed class ValidationOptions
{
    /// <summary>How long one validation may take from its first question to its end. Shorter than Acme:ValidationTimeout, which cuts an attempt without saying what it waited for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one address has to accept the connection before the next is tried.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many addresses of a name are tried.</summary>
    [Range(1, 20)]
    public int MaxAddresses { get; set; } = 6;

    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 10;

    /// <summary>A key authorization has about a hundred octets; what is longer than this is not read to its end.</summary>
    [Range(256, 1_048_576)]
    public int MaxBodyBytes { get; set; } = 4096;

    /// <summary>In KiB, of one answer.</summary>
    [Range(1, 256)]
    public int MaxHeaderKilobytes { get; set; } = 16;

    /// <summary>Whether CAA records are obeyed (RFC 8659). A private CA whose names no DNS knows may switch it off.</summary>
    public bool CheckCaa { get; set; } = true;
}
