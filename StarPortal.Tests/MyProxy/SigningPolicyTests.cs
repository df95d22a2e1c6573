using System.Formats.Asn1;
using System.Text;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy;

[Trait("Category", "Unit")]
public sealed class SigningPolicyTests
{
    private static readonly SigningPolicy Grid = new("/O=StarGrid/CN=CA", ["/O=StarGrid/*", "/O=Guests/OU=?/CN=*"]);

    [Fact]
    public void Policy_ComesBack_WhenItIsWrittenAndRead()
    {
        var read = Assert.Single(SigningPolicy.Parse(Encoding.ASCII.GetString(Grid.Write())));
        Assert.Equal((Grid.Authority, string.Join(',', Grid.Patterns)), (read.Authority, string.Join(',', read.Patterns)));
    }

    [Fact]
    public void Policy_IsRead_AsSitesWriteIt()
    {
        var policies = SigningPolicy.Parse("""
            # EACL of two CAs
             access_id_CA   X509   '/C=DE/CN=One'
             pos_rights     globus        CA:sign
             cond_subjects  globus   '"/C=DE/*" "/O=x y/*"'

            access_id_CA X509 "/C=FR/CN=Two"
            pos_rights globus CA:sign
            cond_subjects globus "/C=FR/*"
            """.ReplaceLineEndings("\r\n"));
        Assert.Equal([("/C=DE/CN=One", "/C=DE/*|/O=x y/*"), ("/C=FR/CN=Two", "/C=FR/*")], policies.Select(policy => (policy.Authority, string.Join('|', policy.Patterns))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("access_id_CA X509 '/CN=x'")]
    [InlineData("access_id_CA X509 '/CN=x'\ncond_subjects globus '\"*\"'")]
    [InlineData("access_id_CA X509 '/CN=x'\nneg_rights globus CA:sign\ncond_subjects globus '\"*\"'")]
    [InlineData("pos_rights globus CA:sign\ncond_subjects globus '\"*\"'")]
    public void Policy_IsRefused_WhenItLetsNobodySign(string text) => Assert.Throws<AsnContentException>(() => SigningPolicy.Parse(text));

    [Theory]
    [InlineData("/O=StarGrid/CN=Bob", true)]
    [InlineData("/O=StarGrid/", true)]
    [InlineData("/O=StarGrid", false)]
    [InlineData("/o=stargrid/CN=Bob", false)]
    [InlineData("/C=XX/O=StarGrid/CN=Bob", false)]
    [InlineData("/O=Guests/OU=A/CN=Eve", true)]
    [InlineData("/O=Guests/OU=AB/CN=Eve", false)]
    public void Name_IsAllowed_ByItsPattern(string subject, bool expected) => Assert.Equal(expected, Grid.Allows(subject));

    [Fact]
    public void Pattern_IsDecidedSoon_WhenItIsAllStars()
    {
        var policy = new SigningPolicy("/CN=x", [string.Concat(Enumerable.Repeat("*a", 2000)) + "b"]);
        Assert.False(policy.Allows(new string('a', 20_000)));
    }

    [Fact]
    public void Chain_IsRefused_WhenACaNamesSomebodyOutsideItsPolicy()
    {
        using var bob = GridCa.Person();
        using var proxy = GridCa.ProxyOf(bob);
        IReadOnlyList<byte[]> chain = [.. proxy.Chain, GridCa.Certificate.RawData];
        Assert.Null(RootsOf("/O=StarGrid/*").FindProblem(chain));
        Assert.Contains("may not certify /O=StarGrid/OU=People/CN=Bob Badger", RootsOf("/O=StarGrid/OU=Hosts/*").FindProblem(chain), StringComparison.Ordinal);
        Assert.Contains("no signing policy", CertifiedNames.Of(new TrustRootSet([], [], [], "")).FindProblem(chain), StringComparison.Ordinal);
        Assert.Contains("cannot be read", RootsOf("*").FindProblem([[1, 2, 3]]), StringComparison.Ordinal);
    }

    private static CertifiedNames RootsOf(string pattern) =>
        CertifiedNames.Of(new TrustRootSet([new TrustRootFile("12345678.signing_policy", new SigningPolicy(GridCa.Name, [pattern]).Write())], [], [], ""));
}
