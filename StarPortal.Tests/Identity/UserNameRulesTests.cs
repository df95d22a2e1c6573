using StarPortal.Core.Identity;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class UserNameRulesTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("Maria.Kowalska")]
    [InlineData("m-k_2")]
    public void UserName_HasNoProblem_WhenItFollowsTheRules(string userName) => Assert.Null(UserNameRules.Problem(userName));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("a23456789012345678901234567890123")]
    [InlineData("1abc")]
    [InlineData("a/b/c")]
    [InlineData("../etc")]
    [InlineData("a..b")]
    [InlineData("abc.")]
    [InlineData("mária")]
    [InlineData("abc def")]
    [InlineData("abc\n")]
    [InlineData("ab\u202Ecd")]
    [InlineData("System")]
    public void UserName_HasAProblem_WhenItBreaksARule(string? userName) => Assert.NotNull(UserNameRules.Problem(userName));
}
