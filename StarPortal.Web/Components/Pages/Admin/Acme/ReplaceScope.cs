using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Components.Pages.Admin.Acme;

/// <summary>Which certificates are to be replaced, as the question in the page's address says.</summary>
/// <param name="Words">For the person who confirms it.</param>
internal sealed record ReplaceScope(MassEventScope Scope, TimeSpan Within, string Words)
{
    public const string All = "all";
    public const string Account = "account";
    public const string Profile = "profile";
    public const string Domain = "domain";

    /// <param name="now">Later certificates are not concerned.</param>
    /// <exception cref="ServiceException">Invalid, beside a field.</exception>
    public static ReplaceScope Read(string? scope, string? account, string? profile, string? suffix, string? hours, DateTimeOffset now)
    {
        var all = new MassEventScope(DateTimeOffset.UnixEpoch, now);
        var within = int.TryParse(hours, out var count) && count is > 0 and <= 2160 ? TimeSpan.FromHours(count) : throw new ServiceException(ErrorKind.Invalid, "Give clients between 1 and 2160 hours.", "hours");
        return scope switch
        {
            All => new(all, within, "every certificate that was ordered by ACME"),
            Account => new(all with { AccountId = ReadAccount(account) }, within, $"every certificate of the account {account!.Trim()}"),
            Profile when !string.IsNullOrWhiteSpace(profile) => new(all with { Profile = profile.Trim() }, within, $"every certificate of the profile {profile.Trim()}"),
            Profile => throw new ServiceException(ErrorKind.Invalid, "Choose a profile.", "profile"),
            Domain => new(all with { Suffix = ReadSuffix(suffix) }, within, $"every certificate with a name in {suffix!.Trim()}"),
            _ => throw new ServiceException(ErrorKind.Invalid, "Choose which certificates.", "scope"),
        };
    }

    private static Guid ReadAccount(string? text) =>
        Guid.TryParse(text?.Trim(), out var id) ? id : throw new ServiceException(ErrorKind.Invalid, "An account id has 32 hexadecimal digits.", "account");

    private static string ReadSuffix(string? text)
    {
        try
        {
            return AcmeIdentifier.Parse("dns", text?.Trim()).WithoutWildcard().Value;
        }
        catch (AcmeException)
        {
            throw new ServiceException(ErrorKind.Invalid, "Write a domain such as example.org.", "suffix");
        }
    }
}
