using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Whether a user name is free: the one question whose answer tells about other people, and which choosing a name cannot do without.
/// So an address may ask about a number of different names only; asking about the same name again, as checks while typing do, costs nothing.
/// </summary>
public sealed class UserNameLookups(AccountRegistrar registrar, AttemptThrottle throttle, IOptions<EnrollmentOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <exception cref="ServiceException">TooMany: the address has asked about too many names.</exception>
    public async Task<bool> IsTakenAsync(string userName, Actor visitor, CancellationToken ct)
    {
        var address = AttemptThrottle.AddressKey("user-name", visitor.Address);
        var key = (address, userName.ToUpperInvariant());
        var isKnown = answers.TryGetValue(key, out bool wasTaken);
        if (wasTaken) return true;
        if (!isKnown) throttle.Spend(address, options.Value.UserNamesPerAddress, Window);

        var taken = await registrar.IsUserNameTakenAsync(userName, ct);
        answers.Set(key, taken, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = taken ? TimeSpan.FromMinutes(1) : Window });
        return taken;
    }

    public void Dispose() => answers.Dispose();
}
