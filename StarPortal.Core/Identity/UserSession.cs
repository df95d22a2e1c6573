using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// A browser in which somebody is signed in. Its cookie names it: without this row the cookie is worth nothing. All its instants are real time
/// (<see cref="WallClock"/>), as those of the cookie are.
/// </summary>
public sealed class UserSession
{
    internal const int MaxDevice = 60;
    internal const int MaxAddress = 64;

    private UserSession()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid UserId { get; private set; }

    /// <summary>In plain words: see <see cref="DeviceNames"/>.</summary>
    public string Device { get; private set; } = "";

    /// <summary>The network address that it was last used from; null: unknown.</summary>
    public string? Address { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>To about a minute.</summary>
    public DateTimeOffset SeenAt { get; private set; }

    /// <summary>Of the account's security stamp as it was: the session is over when the account has another one.</summary>
    public string StampHash { get; private set; } = "";

    internal static UserSession Open(PortalUser user, string device, string? address, DateTimeOffset now) => new()
    {
        UserId = user.Id, Device = device, Address = Shorten(address), StartedAt = now, SeenAt = now, StampHash = HashOf(user.SecurityStamp),
    };

    internal static string HashOf(string? stamp) => SecureTokens.Hash(stamp ?? "");

    internal static string? Shorten(string? address) => address is { Length: > MaxAddress } ? address[..MaxAddress] : address;
}
