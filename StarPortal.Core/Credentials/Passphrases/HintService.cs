using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>
/// Takes down that somebody asks for a hint, and nothing else: whether there is such a person is looked up by <see cref="HintAskedHandler"/> afterwards, so that neither
/// the answer nor its time can tell.
/// </summary>
public sealed class HintService(
    IDbContextFactory<PortalDbContext> contexts, ServerKey serverKey, AttemptThrottle throttle, IOptions<CredentialOptions> options, TimeProvider clock)
{
    internal const string Purpose = "hint-asked";

    private const int MaxUserName = 200;

    public bool IsEnabled => options.Value.HintsEnabled;

    /// <exception cref="ServiceException">Invalid beside UserName: nothing typed; TooMany: from this address; Conflict: switched off.</exception>
    public async Task AskAsync(string? userName, Actor visitor, CancellationToken ct)
    {
        if (!IsEnabled) throw CredentialErrors.HintsOff();
        if (string.IsNullOrWhiteSpace(userName)) throw CredentialErrors.FieldMissing("UserName");
        throttle.Spend(AttemptThrottle.AddressKey("hint", visitor.Address), options.Value.HintsPerAddressPerHour, TimeSpan.FromHours(1));

        var name = userName.Trim();
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.Outbox.Add(HintAsked.For(serverKey.Seal(Purpose, Encoding.UTF8.GetBytes(name.Length <= MaxUserName ? name : name[..MaxUserName])), clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
    }
}
