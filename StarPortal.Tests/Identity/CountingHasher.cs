using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;

namespace StarPortal.Tests.Identity;

/// <summary>The real hasher, counting its work.</summary>
internal sealed class CountingHasher : IPasswordHasher<PortalUser>
{
    private readonly PasswordHasher<PortalUser> real = new(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));
    private int hashed;
    private int verified;

    public int Hashed => hashed;

    public int Verified => verified;

    public void Replace(IServiceCollection services) => services.RemoveAll<IPasswordHasher<PortalUser>>().AddSingleton<IPasswordHasher<PortalUser>>(this);

    public void Reset() => (hashed, verified) = (0, 0);

    public string HashPassword(PortalUser user, string password)
    {
        Interlocked.Increment(ref hashed);
        return real.HashPassword(user, password);
    }

    public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref verified);
        return real.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
