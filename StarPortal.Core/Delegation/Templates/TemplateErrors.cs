using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>What this folder refuses when one answer is all that is asked for.</summary>
public static class TemplateErrors
{
    public const string Field = "CsrTemplate";

    public static ServiceException NotATemplate(CsrTemplateFinding first) => new(ErrorKind.Invalid, $"{first.Path}: {first.Text}", Field);

    public static ServiceException NoNames() => new(ErrorKind.Invalid, "A template needs at least one DNS name.", Field);

    public static ServiceException BadName(string problem) => new(ErrorKind.Invalid, problem, Field);

    public static ServiceException ValuesDoNotFit(IEnumerable<CsrFinding> problems) =>
        new(ErrorKind.Invalid, string.Join(' ', problems.Select(problem => $"{problem.Where}: {problem.Text}")), Field);

    public static ServiceException KeyDoesNotFit(string key, IEnumerable<string> allowed) =>
        new(ErrorKind.Invalid, $"The key that is there is {key}, and the template wants {string.Join(" or ", allowed)}.", Field);
}
