using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class PassphrasePolicyTests
{
    private readonly PassphrasePolicy policy = new(Options.Create(new PortalOptions()));

    [Theory]
    [InlineData("violet harbour lantern seven")]
    [InlineData("correct horse battery staple")]
    [InlineData("täglich grüßt das Murmeltier")]
    [InlineData("kX9#vTq2!mZp7w")]
    public void Passphrase_IsAccepted_WhenLongAndUnrelated(string passphrase)
    {
        var verdict = policy.Check(passphrase, ["maria", "Maria Kowalska"]);

        Assert.True(verdict.IsAcceptable, verdict.Problem);
        Assert.InRange(verdict.Strength, 2, 4);
    }

    [Theory]
    [InlineData("unbelievable")]           // on the breached list as it is
    [InlineData("JUSTINBIEBER")]           // whatever its case
    [InlineData("passwordpassword")]       // a breached one twice
    [InlineData("P@ssw0rd1234")]           // spelt with figures, and a run
    [InlineData("qwertyuiop123456")]       // keyboard rows
    [InlineData("1qaz2wsx3edc4rfv")]       // keyboard columns
    [InlineData("aaaaaaaaaaaaaaaa")]       // a repeat
    [InlineData("abcdefghijklmnop")]       // a sequence
    [InlineData("starportal2026")]         // this product and a year
    [InlineData("kowalskamaria")]          // the person's own names
    [InlineData("mkowalska1987!")]         // the user name and a year
    public void Passphrase_IsRefused_WhenGuessable(string passphrase)
    {
        var verdict = policy.Check(passphrase, ["mkowalska", "Maria Kowalska", "maria.kowalska@example.org"]);

        Assert.False(verdict.IsAcceptable, $"strength {verdict.Strength}");
    }

    [Fact]
    public void Passphrase_IsRefused_WhenShorterThanTwelve() =>
        Assert.Contains("1 more", policy.Check("kX9#vTq2!mZ", []).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("violet harbour\nlantern seven")]
    public void Passphrase_IsRefused_WhenEmptyOrWithControlCharacters(string passphrase) =>
        Assert.False(policy.Check(passphrase, []).IsAcceptable);

    [Fact]
    public void Passphrase_IsRefused_WhenTooLongToHash() => Assert.False(policy.Check(new string('x', 201), []).IsAcceptable);

    [Fact]
    public void Strength_NeverFalls_WhenAnotherWordIsAdded()
    {
        string[] passphrases = ["violet harbour", "violet harbour lantern", "violet harbour lantern seven", "violet harbour lantern seven glacier"];

        var strengths = passphrases.Select(passphrase => policy.Check(passphrase, []).Strength).ToList();

        Assert.Equal(strengths.Order(), strengths);
        Assert.Equal(4, strengths[^1]);
    }
}
