namespace StarPortal.Web.Components.Pages.Errors;

/// <summary>What happened, in what words, and what to do next.</summary>
internal sealed record ErrorText(string Title, string What, string Next)
{
    public static ErrorText For(int status) => status switch
    {
        400 => new("That could not be read", "The form was open for too long, or something in it is not as expected.", "Go back, load the page again and send it once more. What you had typed is still there in most browsers."),
        401 => new("Please sign in", "This page is for people who are signed in.", "Sign in, then open the page again."),
        403 => new("Not for this account", "You are signed in, but this needs a role that your account does not have now.", "Ask an administrator for the role, or sign in with another account."),
        404 => new("Nothing here", "There is no such page, or none that you may see.", "Check the address. If a mail led you here, open the mail again and use its link as a whole."),
        405 => new("Not this way", "This address does not answer to that kind of request.", "Start from a page of the portal."),
        409 => new("Somebody was faster", "What you wanted to change has changed meanwhile.", "Load the page again to see how it stands now."),
        410 => new("This link is used up", "The link has been used already, or its time has run out.", "If you still need it, sign in: everything can be done from there."),
        413 => new("Too large", "More was sent than this page takes.", "Send a smaller file: a signing request has a few kilobytes."),
        415 => new("Not this kind of content", "This address takes another kind of content.", "Start from a page of the portal."),
        429 => new("A little slower, please", "Too many requests came from your network address.", "Wait a minute, then try again. Nothing has been changed."),
        503 => new("Not now", "Something that this needs does not answer at the moment.", "Try again in a few minutes."),
        _ => new("That went wrong on our side", "The portal could not finish this. What you did is either done as a whole or not at all.", "Try again. If it happens again, tell the people who run the portal when it was."),
    };
}
