"""Whoever is signed in gives their password once more, before something that a borrowed browser
must not do."""

from flask_security import current_user, verify_password
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.extensions import security
from app.web.sign_in import tries


class OwnPasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField("Present password", [InputRequired("Give your present password.")])

    def right(self) -> bool:
        """Counted before it is looked at; where it is wrong the field says so. Raises
        TooManyTries."""
        user = current_user._get_current_object()
        counted = [tries.Counter(tries.ONE, ("present", str(user.id)))]
        tries.count(counted)
        present = security.password_util.normalize(self.password.data)
        if not verify_password(present, user.password):
            self.password.errors = ["This is not your present password."]
            return False
        tries.take_back(counted)
        return True
