using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>Why a download form came back, as the page's address says it: a word, never text from outside.</summary>
public enum DownloadProblem
{
    /// <summary>The certificate's own state forbids it; the page shows that state anyway.</summary>
    State,
    PassphraseMissing,
    PassphraseWrong,
    TooManyAttempts,
}

public static class DownloadProblems
{
    public static DownloadProblem Of(ServiceException error, string? passphrase)
    {
        if (error.Kind is ErrorKind.TooMany) return DownloadProblem.TooManyAttempts;
        if (error.Field != CredentialErrors.PassphraseField) return DownloadProblem.State;
        return string.IsNullOrEmpty(passphrase) ? DownloadProblem.PassphraseMissing : DownloadProblem.PassphraseWrong;
    }

    /// <summary>The message beside the passphrase; null when the problem does not belong there.</summary>
    /// <param name="problem">Why the form came back.</param>
    /// <param name="triesLeft">Of the key, now.</param>
    /// <param name="wait">Until the next try counts anew; null when one may try now.</param>
    public static string? MessageFor(DownloadProblem problem, int triesLeft, TimeSpan? wait) => problem switch
    {
        DownloadProblem.State => null,
        DownloadProblem.PassphraseMissing => CredentialErrors.PassphraseMissing().Message,
        DownloadProblem.PassphraseWrong or DownloadProblem.TooManyAttempts when wait is { } time => CredentialErrors.TooManyAttempts(time).Message,
        DownloadProblem.PassphraseWrong => CredentialErrors.WrongPassphrase(triesLeft).Message,
        DownloadProblem.TooManyAttempts => CredentialErrors.AttemptUnderWay().Message,
    };
}
