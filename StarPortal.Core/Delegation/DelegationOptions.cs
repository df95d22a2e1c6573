using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Delegation;

/// <summary>Section <c>Delegation</c>.</summary>
public sealed class DelegationOptions
{
    public const string Section = "Delegation";

    /// <summary>Whether owners may let registrations without a credential wait for their approval.</summary>
    public bool AllowAnonymous { get; set; } = true;

    /// <summary>Port on which consumers show a TLS client certificate, as the portal's HTTPS port otherwise; 0: none. Browsers are not bothered on the other port.</summary>
    [Range(0, 65535)]
    public int ClientCertificatePort { get; set; }

    /// <summary>Registrations and orders of one consumer within an hour.</summary>
    [Range(1, 1_000_000)]
    public int OrdersPerConsumerPerHour { get; set; } = 5_000;

    /// <summary>Registrations without a credential from one address within an hour.</summary>
    [Range(1, 100_000)]
    public int AnonymousPerAddressPerHour { get; set; } = 20;

    /// <summary>Registrations that wait for one owner's approval; further ones are refused.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 200;

    /// <summary>How long a registration waits for a person's approval.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ApprovalWithin { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long an order tries to get its first certificate before it is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Orders that are worked on at once.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 8;

    /// <summary>Other CAs by name; this portal's own is always there as <c>local</c>.</summary>
    public Dictionary<string, UpstreamOptions> Upstreams { get; set; } = [];

    /// <summary>How long what has ended can still be read at its URL.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);
}
