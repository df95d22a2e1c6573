using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

[Trait("Category", "Unit")]
public sealed class RedirectTests
{
    private static readonly RedirectRules Rules = new(3, new HashSet<int> { 80, 443, 5002 });

    private static readonly Uri Start = new("http://a.example/.well-known/acme-challenge/x");

    [Theory]
    [InlineData("https://b.example/y", "https://b.example/y")]
    [InlineData("http://b.example:5002/y?z=1", "http://b.example:5002/y?z=1")]
    [InlineData("/elsewhere", "http://a.example/elsewhere")]
    [InlineData("//b.example/y", "http://b.example/y")]
    [InlineData(" https://a.example/ ", "https://a.example/")]
    public void Redirect_IsFollowed(string location, string next) => Assert.Equal(next, Rules.Next([Start], location).AbsoluteUri);

    [Theory]
    [InlineData(null, "without a Location")]
    [InlineData("", "without a Location")]
    [InlineData("file:///etc/passwd", "only http and https")]
    [InlineData("ftp://b.example/y", "only http and https")]
    [InlineData("gopher://b.example/y", "only http and https")]
    [InlineData("javascript:alert(1)", "only http and https")]
    [InlineData("http://b.example:22/", "port 22")]
    [InlineData("http://user:secret@b.example/", "user name")]
    [InlineData("http://", "not a URL")]
    [InlineData("http://a.example/.well-known/acme-challenge/x", "circle")]
    [InlineData("HTTP://A.example:80/.well-known/acme-challenge/x#part", "circle")]
    public void Redirect_IsRefused(string? location, string reason) =>
        Assert.Contains(reason, Assert.Throws<ValidationFailedException>(() => Rules.Next([Start], location)).Message, StringComparison.Ordinal);

    [Fact]
    public void Redirect_ToALongUrl_IsRefused() => Assert.Throws<ValidationFailedException>(() => Rules.Next([Start], $"http://b.example/{new string('x', 3000)}"));

    [Fact]
    public void Redirects_AreCounted()
    {
        List<Uri> way = [Start];
        for (var i = 0; i < 3; i++) way.Add(Rules.Next(way, $"/{i}"));
        Assert.Contains("3 are followed", Assert.Throws<ValidationFailedException>(() => Rules.Next(way, "/again")).Message, StringComparison.Ordinal);
    }
}
