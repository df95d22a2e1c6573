using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// One unit of work over ASP.NET Core Identity, whose managers are scoped: its <see cref="UserManager{TUser}"/> and our context are the same unit, saved
/// once together with the audit record.
/// </summary>
internal sealed class AccountWork(AsyncServiceScope scope) : IAsyncDisposable
{
    public UserManager<PortalUser> Users { get; } = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();

    public PortalDbContext Db { get; } = scope.ServiceProvider.GetRequiredService<PortalDbContext>();

    public async Task<PortalUser> GetUserAsync(Guid id, CancellationToken ct) =>
        await Db.Users.SingleOrDefaultAsync(user => user.Id == id, ct) ?? throw AccountErrors.UserNotFound();

    public async Task<PortalUser?> FindByNameAsync(string userName, CancellationToken ct)
    {
        var normalized = Users.NormalizeName(userName.Trim());
        return await Db.Users.SingleOrDefaultAsync(user => user.NormalizedUserName == normalized, ct);
    }

    /// <summary>Whether signing in needs more than the passphrase: an authenticator app or a passkey is set up.</summary>
    public async Task<bool> HasSecondFactorAsync(PortalUser user) => user.TwoFactorEnabled || (await Users.GetPasskeysAsync(user)).Count > 0;

    /// <summary>Saves what was changed. Two changes of one account at the same time: the second fails.</summary>
    public Task SaveAsync(PortalUser user, CancellationToken ct)
    {
        user.ConcurrencyStamp = SecureTokens.NewToken();
        return Db.SaveChangesAsync(ct);
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}

internal static class AccountWorkScopes
{
    public static AccountWork BeginAccountWork(this IServiceScopeFactory scopes) => new(scopes.CreateAsyncScope());

    /// <summary>Runs the work again, from a fresh read, when the account was changed meanwhile: a wrong try must count however many come at once.</summary>
    public static async Task<T> InAccountWorkAsync<T>(this IServiceScopeFactory scopes, Func<AccountWork, Task<T>> deed)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var work = scopes.BeginAccountWork();
            try
            {
                return await deed(work);
            }
            catch (DbUpdateConcurrencyException) when (attempt < 10)
            {
            }
        }
    }
}
