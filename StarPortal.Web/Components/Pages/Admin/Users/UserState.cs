using StarPortal.Core.Identity;

namespace StarPortal.Web.Components.Pages.Admin.Users;

/// <summary>An account's state in a word, with the kind of its chip.</summary>
internal static class UserState
{
    public static (string Kind, string Text) Of(UserRow row, DateTimeOffset now) =>
        row.LockedUntil >= AccountLocks.Permanent ? ("bad", "Locked")
        : row.LockedUntil > now ? ("wait", "Resting after wrong tries")
        : row.IsInvited ? ("wait", "Invited")
        : !row.IsConfirmed ? ("wait", "Address unconfirmed")
        : row.IsDemoPersona ? ("info", "Demo persona")
        : ("good", "Active");

    public static string SecondFactorOf(UserRow row) => (row.HasAuthenticator, row.Passkeys) switch
    {
        (true, > 0) => $"App, {Passkeys(row.Passkeys)}",
        (true, _) => "App",
        (false, > 0) => Passkeys(row.Passkeys),
        _ => "none",
    };

    private static string Passkeys(int count) => count == 1 ? "1 passkey" : $"{count} passkeys";
}
